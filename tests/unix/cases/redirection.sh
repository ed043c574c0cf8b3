# SPDX-License-Identifier: BSD-2-Clause
# Files for standard input and output, in every shell.

## output
echo a > f; echo b >> f; echo c > g; cat f g

## input
echo 'a b' > f; read x y < f; echo "$y $x"

## here-document
x=5; cat << end
a $x $((x+1)) \$x
  b `echo c`
end

## quoted-here-document
cat << 'end'
a $x `b` \c
end

## here-document-in-a-loop
while read a b; do echo "$b-$a"; done << end
1 2
3 4 5
end

## two-here-documents
cat << a; cat << b
one
a
two
b

## long-here-document
x=0123456789; x=$x$x$x$x$x$x$x$x$x$x; x=$x$x$x$x$x$x$x$x$x$x
wc -c << end
$x$x$x$x$x
end

## errors
(echo out; echo err >&2) > f 2> g; cat g f

## both
(echo out; echo err >&2) > f 2>&1; cat f; { echo err >&2; } 2>&1 > f; cat f

## descriptors
exec 3> f; echo a >&3; echo b >&3; exec 3>&-; cat f; exec 4< f; read x <&4; read y <&4; echo $y$x

## closed
(exec 3>&-; echo a >&3) 2> /dev/null; test $? != 0 && echo failed

## of-blocks
{ echo a; echo b; } > f; for i in 1 2; do read x; echo "<$x>"; done < f

## read-and-write
echo hello > f; exec 5<> f; read x <&5; echo $x; echo more >&5; exec 5>&-; cat f

## no-clobber
set -C; echo a > f; (echo b > f) 2> /dev/null; echo $?; echo c >| f; cat f

## truncation
echo 'a long line' > f; > f; wc -c < f

## null
echo a > /dev/null; cat /dev/null; echo $?

## append-by-two
echo start > f; (echo a; echo b) >> f & (echo c) >> f; wait; wc -l < f

## missing-input
(cat < nothere) 2> /dev/null; test $? != 0 && echo failed

## directory-as-output
(echo a > /tmp) 2> /dev/null; test $? != 0 && echo failed
