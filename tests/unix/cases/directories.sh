# SPDX-License-Identifier: BSD-2-Clause
# Directories and paths, in every shell.

## cd-and-pwd
mkdir -p a/b; cd a; pwd; cd b; pwd; cd ..; pwd; cd ..; pwd

## cd-back
mkdir a; cd a; cd - > /dev/null; pwd; cd /; pwd

## cd-home
HOME=/etc; cd; pwd

## cd-to-nothing
cd /no/such 2> /dev/null; test $? != 0 && echo failed; > f; cd f 2> /dev/null || echo failed; pwd

## dots
mkdir a; cd a/../a/./../a; pwd; echo x > f; cat ../a/f ./f .././a/f

## relative-programs
echo 'echo ran $0 $1' > p; chmod 755 p; ./p x; PATH=.:$PATH; p y

## mkdir-and-rmdir
mkdir d; test -d d && echo yes; rmdir d; test -d d || echo no; mkdir d
mkdir d 2> /dev/null || echo no

## rmdir-full
mkdir d; > d/f; rmdir d 2> /dev/null; test -d d && echo still; rm d/f; rmdir d
test -d d || echo gone

## nested
mkdir a a/b a/b/c; echo deep > a/b/c/f; cat a/b/c/f; mv a/b z; cat z/c/f; test -e a/b || echo moved

## long-names
x=0123456789012345678901234567890123456789; echo a > $x$x$x; cat $x$x$x; (echo a > $x$x$x$x$x$x$x) \
    2> /dev/null || echo too long

## removed-working-directory
mkdir d; cd d; rmdir ../d; (> f) 2> /dev/null || echo nothing can be made here

## slashes
mkdir a; echo x > a//b; cat a///b /tmp/../tmp/./w/a/b; cat a/b/ 2> /dev/null || echo no directory
