# SPDX-License-Identifier: BSD-2-Clause
# test, read, printf and others that shells do themselves, in every shell.

## test-strings
[ a = a ] && echo 1; [ a != b ] && echo 2; [ -z '' ] && echo 3; [ -n x ] && echo 4; [ x ] && echo 5
[ ] || echo 6; [ ! x = y ] && echo 7; [ a = a -a b = b ] && echo 8; [ a = b -o b = b ] && echo 9

## test-numbers
[ 1 -eq 1 ] && [ 1 -ne 2 ] && [ 1 -lt 2 ] && [ 2 -gt 1 ] && [ 1 -le 1 ] && [ 1 -ge 1 ] && echo good
[ 10 -gt 9 ] && echo numbers

## test-files
> e; echo x > f; mkdir d; for t in -e -f -d -s -r -w; do
    for f in e f d none; do test $t $f && echo "$t $f"; done; done

## test-executable
> f; chmod 755 f; test -x f && echo x; > g; chmod 644 g; test -f g && echo f

## test-links
> f; ln -s f l; ln -s none k; test -L l && echo link; test -e k || echo dangling
test -f l && echo file

## test-pipes
test -p /dev/stdin 2> /dev/null; mkfifo p && test -p p && echo pipe
test -c /dev/null && echo device

## test-mistakes
[ 1 -eq ] 2> /dev/null; echo $?

## read
echo 'a b  c d' | { read x y z; echo "<$x><$y><$z>"; }

## read-raw
printf 'a\\b\n' > f; read x < f; echo $x; read -r x < f; echo $x

## read-at-the-end
printf 'a' > f; read x < f; echo $? $x; read x < /dev/null; echo $?

## read-with-ifs
echo a:b:c > f; IFS=: read x y < f; echo $x $y

## printf
printf '%s %d %x %o %c%%\n' text 42 255 8 z; printf '%5d|%-5d|%05d\n' 1 2 3; printf '%s\n' a b c

## printf-escapes
printf 'a\tb\\\101\n'; printf '%b\n' 'x\ty'

## echo
echo -n a; echo b; echo; echo a   b

## set-and-unset
x=1; unset x; echo "<$x>"; f () { echo f; }; unset -f f; f 2> /dev/null; echo $?

## getopts
set -- -a -b value rest; while getopts ab:c o; do echo $o $OPTARG; done; echo $OPTIND

## umask
umask 077; > f; umask 022; > g; umask; test -f f && echo ok

## alias
alias hi='echo hello'
hi there
unalias hi
hi 2> /dev/null || echo gone

## type
type cd > /dev/null && echo builtin; type nothere > /dev/null 2>&1 || echo nothing; command echo a

## times
times > f; test -s f && echo some

## options
set -x; echo a; set +x; echo b

## shift-too-far
(shift 5) 2> /dev/null; test $? != 0 && echo failed

## variables-in-environment
A=1 B=2 sh -c 'echo $A$B$C'; export C=3; sh -c 'echo $A$B$C'; unset C; sh -c 'echo $A$B$C'

## sleep
sleep 1; echo $?
