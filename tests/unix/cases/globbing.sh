# SPDX-License-Identifier: BSD-2-Clause
# File names by patterns, in every shell.

## star
> a.c; > b.c; > c.h; echo *.c *.h *.x

## question-mark
> a1; > a2; > a10; echo a? a??

## classes
> a; > b; > c; > d; echo [ac] [a-c] [!ab]

## hidden
> .h; > v; echo *; echo .h*

## directories
mkdir d; > d/a; > d/b; echo d/* */a; echo /no/such/*

## quoted
> x; echo "*" \* '*'

## off
> x; set -f; echo *

## in-for
> 1.t; > 2.t; for f in *.t; do mv $f ${f%.t}.u; done; echo *

## as-arguments
echo 1 > a; echo 2 > b; cat ?

## with-spaces
> 'a b'; for f in *; do echo "<$f>"; done

## many-files
i=0; while [ $i -lt 60 ]; do > f$i; i=$((i+1)); done; set -- f*; echo $# $1 ${60}
