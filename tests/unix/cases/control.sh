# SPDX-License-Identifier: BSD-2-Clause
# Loops, conditions, case, functions, in every shell.

## if
if false; then echo a; elif true; then echo b; else echo c; fi; if ! true; then :; fi; echo $?

## for
for i in 1 2 3; do echo $i; done; for i in; do echo never; done; echo $?

## for-arguments
set -- a b; for i do echo $i; done

## while-and-until
i=0; while [ $i != 3 ]; do i=$((i+1)); done; until [ $i = 0 ]; do i=$((i-1)); done; echo $i

## break-and-continue
for i in 1 2 3 4 5; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done
for i in 1 2; do for j in 1 2; do [ $j = 2 ] && break 2; echo $i$j; done; done

## case
for w in abc a.c '' 'x y' b; do
    case $w in a?c) echo 1;; *.c) echo 2;; '') echo 3;; *' '*) echo 4;; [a-c]|z) echo 5;; esac
done

## case-without-match
case x in y) false;; esac; echo $?

## and-or
true && echo a || echo b; false && echo a || echo b; false || false || echo c; ! false && echo d

## functions
f () { echo "$1-$#"; return 4; }; f x y; echo $?; set -- z; f; echo $1

## recursion
f () { [ $1 = 0 ] && echo end && return; echo $1; f $(($1-1)); }; f 4

## many-calls
fib () { if [ $1 -lt 2 ]; then echo $1; else echo $(($(fib $(($1-1))) + $(fib $(($1-2))))); fi; }
fib 6

## groups
{ echo a; echo b; }; (echo c; exit 5); echo $?

## exit-on-error
(set -e; false || echo a; if false; then :; fi; echo b; false; echo never); echo $?

## exit-in-the-middle
echo a
(exit 7)
echo $?
exit 9
echo never

## eval-and-dot
x='echo hi'; eval "$x"; echo 'echo from file $1; y=5' > f; . ./f; echo $y

## long-loop
i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done; echo $i
