# SPDX-License-Identifier: BSD-2-Clause
# Programs of klibc, and our own beside them.
# shells: lksh

## true-and-false
/bin/true; echo $?; /bin/false; echo $?

## cat-many
echo a > f; echo b > g; /bin/cat f g f | wc -l; /bin/cat nothere 2> /dev/null; echo $?

## ls
> only; ls only; ls nothere > /dev/null 2>&1; test $? != 0 && echo failed

## mkdir-p-and-modes
mkdir -p a/b/c; test -d a/b/c && echo yes; mkdir -m 700 d; test -d d && echo yes

## ln-and-readlink
ln -s /some/where l; readlink l; ln -s x y; readlink y; readlink nothere > /dev/null 2>&1; echo $?

## mv-into-directory
mkdir d; echo a > f; mv f d/g; cat d/g; mv d e; cat e/g

## nuke
mkdir -p d/e/f; > d/a; > d/e/b; ln -s /etc d/l; nuke d; test -e d || echo gone
test -d /etc && echo kept

## dd
echo 0123456789 > f; dd if=f of=g bs=1 count=4 2> /dev/null; cat g; echo; wc -c g

## dd-skip-and-seek
echo 0123456789 > f; dd if=f of=g bs=2 skip=1 count=2 2> /dev/null; cat g; echo
dd if=/dev/zero of=z bs=1000 count=5 2> /dev/null; wc -c z

## gunzip
printf '\037\213\010\000\000\000\000\000\002\003\313\110\315\311\311\127' > f.gz
printf '\050\317\057\312\111\341\002\000\055\073\010\257\014\000\000\000' >> f.gz
zcat f.gz; gunzip < f.gz | cat; gunzip f.gz; cat f; test -e f.gz || echo unpacked
echo plain > g; zcat g 2> /dev/null; echo $?; gzip f; echo $?

## cpio
h=000001ED000000000000000000000001000000000000000
f=070701000000010000${h#0000}
printf '0707010000000100008180000000000000000000000001000000000000000300000000' > a
printf '000000000000000000000000000000020000000' >> a; printf '0f\000hi\n\000' >> a
wc -c a; cpio -i < a > /dev/null 2>&1; echo $?

## mkfifo
mkfifo p; test -p p && echo pipe; (echo a; echo b) > p & cat < p; wait

## mknod
mknod p p; test -p p && echo pipe

## uname
uname -s; uname > f; wc -l f

## sleep-and-kill
/bin/sleep 50 & sleep 1; /bin/kill $!; wait $! 2> /dev/null; echo $?

## dash
dash -c 'x=1; echo $((x+1)); for i in a b; do echo $i; done | cat; exit 3'; echo $?

## dash-script
echo 'set -e; f () { echo f$1; }; f 1; f 2 | cat; trap "echo end" 0; false; echo never' > s
dash s; echo $?

## dash-signals
dash -c 'trap "echo got" USR1; kill -USR1 $$; echo on; (exit 4) & wait $!; echo $?'

## chroot: there is no call chroot yet
mkdir -p r/bin r/lib; cp /bin/wc r/bin/wc; echo a b > r/f; chroot r /bin/wc -w /f; echo $?

## sync
sync; echo $?

## wc
echo 'a b
c' > f; wc f; wc -l f; wc -w < f; wc -c f f

## chmod-and-cp
echo 'echo hi' > f; chmod 755 f; cp f g; ./g; chmod 8 f 2> /dev/null; echo $?
