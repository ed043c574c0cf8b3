# SPDX-License-Identifier: BSD-2-Clause
# What mksh's family does beyond POSIX.
# shells: lksh

## arrays
set -A a x y z; echo ${a[1]} ${#a[*]} "${a[@]}"; a[5]=w; echo ${a[5]} ${!a[@]}

## double-brackets
[[ abc = a*c ]] && echo 1; [[ 5 -lt 10 && x != y ]] && echo 2; [[ -z '' || -n x ]] && echo 3

## let
let x=3+4 y=x*2; echo $x $y; ((x > 5)) && echo big

## substrings
x=hello; echo ${x:1:3} ${x/l/L} ${x//l/L}

## select-of-patterns
for w in aab xyz; do case $w in +(a)b) echo as;; @(x|y)*) echo xy;; esac; done

## co-process
cat |& print -p hello; read -p x; echo $x

## local-variables
f () { typeset x=2; echo $x; }; x=1; f; echo $x

## typeset
typeset -i n=5+5; echo $n; typeset -u u=abc; echo $u; typeset -Z5 z=42; echo $z

## print
print -r 'a\tb'; print 'a\tb'; print -n x; print

## no-brace-expansion
echo {a,b}{1,2}

## here-string
cat <<< 'a string'

## whence
whence -v cd > /dev/null && echo known; whence nothere; echo $?
