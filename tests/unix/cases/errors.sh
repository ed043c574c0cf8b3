# SPDX-License-Identifier: BSD-2-Clause
# What goes wrong, in every shell.

## not-found
nothere; echo $?

## not-found-by-path
/no/such/program; echo $?

## not-executable
echo 'echo x' > f; chmod 644 f; ./f; echo $?

## directory
/tmp; echo $?

## no-program
> f; chmod 755 f; ./f; echo $?

## damaged-program
printf '\177ELF and then nothing' > f; chmod 755 f; (./f) > /dev/null 2>&1
test $? != 0 && echo failed

## interpreter
echo '#!/bin/sh -e' > f; echo 'echo $0 $1; false; echo never' >> f; chmod 755 f; ./f a; echo $?

## missing-interpreter
echo '#!/no/such' > f; chmod 755 f; (./f) > /dev/null 2>&1; echo $?

## syntax
sh -c 'if true; then' 2> /dev/null; test $? != 0 && echo failed; sh -c 'echo a
)' 2> /dev/null || echo b

## unmatched
sh -c 'echo "a' > /dev/null 2>&1; test $? != 0 && echo failed

## missing-script
sh /no/such 2> /dev/null; echo $?

## status-above-255
(exit 256); echo $?; (exit 300); echo $?

## no-command
$nothing; echo $?; ''; echo $?

## many-arguments
i=0; x=; while [ $i -lt 300 ]; do x="$x word$i"; i=$((i+1)); done; sh -c 'echo $#' x $x
