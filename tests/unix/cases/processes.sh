# SPDX-License-Identifier: BSD-2-Clause
# Subshells, background, wait, signals and traps, in every shell.

## subshell
x=1; (x=2; echo $x); echo $x; (cd /; pwd); (exit 3) || echo $?

## background
echo a > f & wait; cat f

## wait-for-one
(exit 5) & wait $!; echo $?

## wait-for-several
(exit 1) & a=$!; (exit 2) & b=$!; wait $b; echo $?; wait $a; echo $?

## wait-for-none
wait; echo $?

## wait-for-a-stranger
wait 99999 2> /dev/null; echo $?

## order
(sleep 1; echo b) & echo a; wait; echo c

## exec
(exec echo a b; echo never); (exec sh -c 'exit 6'); echo $?

## exec-with-redirection
exec > f; echo a; exec 1>&2; cat f

## kill-a-child
sleep 100 & sleep 1; kill $!; wait $! 2> /dev/null; echo $?

## kill-with-number
sleep 100 & kill -9 $!; wait $! 2> /dev/null; echo $?

## kill-nobody
kill -0 99999 2> /dev/null; test $? != 0 && echo failed

## is-alive
sleep 100 & kill -0 $! && echo yes; kill -9 $!; wait 2> /dev/null; echo done

## trap-exit
(trap 'echo bye' 0; echo hi); (trap 'echo bye; exit 4' EXIT; exit 3); echo $?

## trap-signal
trap 'echo got it' USR1; kill -USR1 $$; echo after

## trap-ignore
trap '' TERM; kill -TERM $$; echo alive

## trap-reset
(trap 'echo a' TERM; trap - TERM; sh -c 'kill -TERM $PPID'; sleep 5; echo never); echo $?

## trap-term-in-child
(trap 'echo caught; exit 3' TERM; echo ready > f; while :; do :; done) &
until [ -s f ]; do :; done
kill $!; wait $!; echo $?

## trap-while-waiting
trap 'echo usr1' USR1
(sleep 1; kill -USR1 $$; sleep 1) & wait; echo $?; wait; echo $?

## ended-by-signal
sh -c 'kill -SEGV $$' > /dev/null 2>&1; echo $?; sh -c 'kill -INT $$' > /dev/null 2>&1; echo $?

## many-children
i=0; while [ $i -lt 30 ]; do (exit $i); i=$((i+1)); done; echo $?

## children-at-once
for i in 1 2 3 4 5 6 7 8; do (exit $i) & done; wait; echo $?

## deep
sh -c 'sh -c "sh -c \"sh -c \\\"echo deep; exit 3\\\"\""'; echo $?

## signal-of-a-group
trap 'echo one' USR1; trap 'echo two' USR2; kill -USR1 $$; kill -USR2 $$; kill -USR1 $$; echo end

## orphans
(sh -c '(sleep 1; echo late > f) &'); sleep 2; cat f
