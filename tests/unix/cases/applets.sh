# SPDX-License-Identifier: BSD-2-Clause
# busybox's programs.
# shells: ash

## sort
printf 'c\na\nb\n' | sort; printf '10\n9\n100\n' | sort -n; printf 'b 1\na 2\n' | sort -k2; echo 'a
a
b' | sort -u

## sed
echo hello world | sed 's/o/0/g'; printf '1\n2\n3\n' | sed -n '2p;$p'
echo abc | sed 's/\(a\)\(b\)/\2\1/'

## sed-in-place
echo a > f; sed -i s/a/b/ f; cat f

## awk
printf '1 2\n3 4\n' | awk '{ s += $1 * $2; print NR, $2 } END { print s }'

## awk-functions
awk 'function f(n) { return n < 2 ? n : f(n-1) + f(n-2) }
    BEGIN { for (i = 0; i < 10; i++) print f(i) }'

## awk-arrays
echo 'a b a c a' | awk '{ for (i = 1; i <= NF; i++) n[$i]++ }
    END { print n["a"], n["b"], length(n) }'

## grep
printf 'one\ntwo\nthree\n' > f; grep t f; grep -c o f; grep -v o f; grep -n '^t.*e$' f; grep x f
echo $?

## egrep
printf 'ab\ncd\nef\n' | egrep 'a|f'; printf 'a.b\naxb\n' | fgrep a.b

## tr
echo Hello | tr a-z A-Z; echo a-b-c | tr -d -; echo aabbcc | tr -s a-c

## seq
seq 5; seq 2 2 8; seq 3 -1 1

## head-and-tail
seq 20 > f; head -n 3 f; tail -n 2 f; head -c 5 f; tail -n +19 f; seq 100 | head -n 1

## cut-and-paste
echo a:b:c | cut -d: -f2; echo abcdef | cut -c2-4; seq 3 > f; paste f f

## uniq
printf 'a\na\nb\na\n' | uniq; printf 'a\na\nb\n' | uniq -c; printf 'a\na\nb\n' | uniq -d

## find
mkdir -p d/e; > d/a.c; > d/e/b.c; > d/e/x.h; find d -name '*.c' | sort; find d -type d | sort
find d -name '*.h' -exec echo found {} \;

## xargs
printf 'a b\nc\n' | xargs echo x; seq 6 | xargs -n 2 echo; printf 'f g' | xargs touch; ls f g

## tar
mkdir d; echo a > d/x; echo b > d/y; tar cf t.tar d; tar tf t.tar | sort; rm -r d; tar xf t.tar
cat d/x d/y

## gzip
seq 1000 > f; gzip f; test -e f || echo gone; gunzip -c f.gz | tail -n 1; gunzip f.gz; wc -l f

## tar-gzip
mkdir d; seq 100 > d/n; tar czf t.tgz d; rm -r d; tar xzf t.tgz; tail -n 1 d/n

## bzip2
seq 500 > f; bzip2 f; bunzip2 -c f.bz2 | md5sum

## sums
echo hello > f; md5sum f; sha1sum f; sha256sum f; md5sum f > s; md5sum -c s

## files
echo a > f; cp f g; mv g h; ln h i; ln -s i j; cat j; rm f h i j; ls -A

## copy-trees
mkdir -p a/b; echo x > a/b/f; cp -r a c; cat c/b/f; rm -rf a; find c | sort

## remove-trees
mkdir -p a/b/c; > a/b/c/f; rm -r a; test -e a || echo gone; rm -f nothere; echo $?

## ls
mkdir d; echo x > d/b; > d/a; ls d; ls -a d; ls -1 d; ls -l d | wc -l; ls -F d; ls nothere; echo $?

## modes
> f; chmod 640 f; ls -l f | cut -c1-10; chmod u+x,g-r f; ls -l f | cut -c1-10; stat -c %a f

## stat
echo hello > f; stat -c '%s %F %h' f; mkdir d; stat -c %F d; ln -s f l; stat -c %F l

## times-of-files
touch -d '2001-02-03 04:05:06' f; stat -c %Y f; ls -l f | wc -l; > g; test g -nt f && echo newer

## wc
printf 'a b\nc\n' > f; wc f; wc -l f; wc -w < f; wc -c < f

## dd
echo 0123456789 | dd bs=2 count=3 2> /dev/null; echo
dd if=/dev/zero bs=1k count=4 2> /dev/null | wc -c

## od
printf 'AB\001\377' | od -An -tx1; printf 'abc' | hexdump -C

## diff
seq 5 > a; seq 6 > b; diff a b; echo $?; cmp a b; cmp a a; echo $?

## expr
expr 1 + 2; expr abc : 'a\(.*\)'; expr 5 \> 3; expr length hello

## names
basename /a/b/c.txt .txt; dirname /a/b/c; readlink -f /tmp/../etc/passwd; realpath .

## tee
echo a | tee f | cat; cat f; echo b | tee -a f > /dev/null; cat f

## env
env -i A=1 B=2 env | sort; env A=5 sh -c 'echo $A'

## date
date -u -d @0 +%Y-%m-%dT%H:%M:%S; date -u -d '2020-02-29 12:00' +%s

## timeout
timeout 1 sleep 10; echo $?; timeout 5 true; echo $?

## which-and-test
which sh; test 1 -lt 2; echo $?; true && echo yes; false || echo no

## fold-and-nl
echo abcdefghij | fold -w 4; printf 'a\nb\n' | nl; printf 'a\nb\n' | tac; echo abc | rev

## base64
echo hello | base64; echo hello | base64 | base64 -d

## mktemp
t=$(mktemp); test -f $t && echo made; rm $t; d=$(mktemp -d); test -d $d && echo made; rmdir $d

## yes
yes | head -n 3; yes no | head -n 1

## pipeline
seq 3000 | sort -rn | awk '$1 % 7 == 0 { n++ } END { print n }'

## words
cat /etc/passwd /etc/group | tr ':' '\n' | sort | uniq -c | sort -k1,1nr -k2 | head -n 5

## ed
printf 'one\ntwo\n' > f; printf '1s/one/ONE/\nw\nq\n' | ed f; cat f

## patch
printf 'a\nb\nc\n' > f; printf -- '--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n' | patch f; cat f

## cpio
mkdir d; echo x > d/f; find d | sort | cpio -o -H newc 2> /dev/null > a; rm -r d
cpio -i < a 2> /dev/null; cat d/f

## truncate
truncate -s 100 f; wc -c < f; truncate -s 3 f; wc -c < f

## id
id -u; whoami; groups

## strings
printf 'ab\001hello\002xyzzy\000' | strings

## du-of-empty
mkdir d; > d/f; du -a d | wc -l

## shuffle-of-descriptors
exec 3>&1; x=$(echo captured; echo direct >&3); echo $x

## busybox-itself
busybox | head -n 1 | wc -l; busybox echo from busybox
