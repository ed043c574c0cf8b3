# SPDX-License-Identifier: BSD-2-Clause
# Pipes, in every shell.

## two
echo a b c | wc -w

## five
echo a | cat | cat | cat | cat

## status
true | false; echo $?; false | true; echo $?; ! true | false; echo $?

## into-a-loop
printf '1\n2\n3\n' | while read x; do echo "<$x>"; done

## from-a-loop
for i in 1 2 3; do echo $i; done | wc -l

## much-data
i=0; while [ $i -lt 500 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done | wc

## more-than-a-pipe-holds
x=0123456789abcdef; x=$x$x$x$x$x$x$x$x; x=$x$x$x$x$x$x$x$x
i=0; while [ $i -lt 100 ]; do echo $x; i=$((i+1)); done | cat | cat | wc -c

## reader-that-leaves
(while echo a; do :; done) 2> /dev/null | (read x; echo $x)

## writer-without-reader
(sh -c 'while :; do echo a; done'; echo $? > f) 2> /dev/null | :
read x < f; echo $x

## here-document-into-pipe
cat << end | wc -l
a
b
end

## substitution-of-a-pipeline
x=$(echo a b | wc -w); echo $((x+1))

## errors-too
sh -c 'echo a; echo b >&2' 2>&1 | wc -l

## many-after-each-other
i=0; while [ $i -lt 20 ]; do echo $i | cat > f; i=$((i+1)); done; cat f
