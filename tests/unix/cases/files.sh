# SPDX-License-Identifier: BSD-2-Clause
# Files and what programs do to them, in every shell.

## copy
echo a > f; cp f g; echo b > f; cat g f

## copy-program
cp /bin/cat cat; echo works > f; ./cat f

## copy-missing
cp nothere f 2> /dev/null; echo $?; test -e f || echo nothing

## move
echo a > f; mv f g; cat g; test -e f || echo gone; echo b > h; mv h g; cat g

## move-into-itself
mkdir d; mv d d/e 2> /dev/null; test -d d && echo still there

## remove
> f; rm f; test -e f || echo gone; rm f 2> /dev/null; echo $?

## remove-open-file
echo content > f; exec 3< f; rm f; test -e f || echo gone; cat <&3

## replace-open-file
echo old > f; exec 3< f; echo new > g; mv g f; cat <&3; cat f

## hard-link
echo a > f; ln f g; echo b >> f; cat g; rm f; cat g

## symbolic-link
echo a > f; ln -s f l; cat l; echo b > l; cat f; rm l; cat f

## link-to-directory
mkdir d; echo a > d/f; ln -s d l; cat l/f; > l/g; echo d/*; cd l; cat f

## link-loop
ln -s a b; ln -s b a; cat a 2> /dev/null; echo $?

## link-up
mkdir d d/e; echo a > f; ln -s ../../f d/e/l; cat d/e/l; cd d/e; cat l

## permissions
> f; chmod 600 f; test -r f && echo r; chmod 755 f; test -x f && echo x; chmod 644 f
test -x f || echo no

## append-grows
i=0; while [ $i -lt 200 ]; do echo line $i >> f; i=$((i+1)); done; wc f

## big-file
x=0123456789abcdef; x=$x$x$x$x; x=$x$x$x$x; x=$x$x$x$x
i=0; while [ $i -lt 64 ]; do echo $x; i=$((i+1)); done > f; wc -c f; cp f g; cat f g | wc -c

## holes-by-writing-late
exec 3<> f; exec 4<> f; echo long line here >&3; echo XY >&4; exec 3>&- 4>&-; cat f

## shared-offset
exec 3> f; echo a >&3; (echo b >&3); sh -c 'echo c >&3'; echo d >&3; exec 3>&-; cat f

## read-while-written
exec 3> f; exec 4< f; echo a >&3; read x <&4; echo $x; echo b >&3; read x <&4; echo $x

## not-a-directory
> f; cat f/x 2> /dev/null; echo $?; mkdir f/d 2> /dev/null || echo no

## fifo
mkfifo p; echo through > p & cat p; wait; echo $?

## device-nodes
echo x > /dev/null; cat /dev/null; read x < /dev/null; echo $?

## etc
cat /etc/passwd

## files-of-the-root
cat /etc/profile | wc -l; test -d /bin && test -d /tmp && test -x /bin/sh && echo there

## same-name-again
i=0; while [ $i -lt 50 ]; do echo $i > f; rm f; i=$((i+1)); done; test -e f || echo clean
