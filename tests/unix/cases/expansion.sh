# SPDX-License-Identifier: BSD-2-Clause
# Parameters and tildes, in every shell.

## defaults
echo ${x:-a} ${x-b} ${x:=c} $x ${y+d} ${x+e} ${x:+f}

## empty-or-unset
x=; echo "<${x-a}><${x:-b}><${x+c}><${x:+d}>"

## lengths
x=hello; echo ${#x} ${#nothing}; set a b c; echo $#

## prefixes-and-suffixes
f=/usr/lib/libc.so.6; echo ${f#*/} ${f##*/} ${f%.*} ${f%%.*} ${f%/*}

## patterns-in-variables
p='*.c'; f=a.c; echo ${f%$p} ${f%"$p"} ${f#?}

## required
(echo ${x:?is missing}; echo not here); echo $?

## unset-variables
(set -u; echo $nothing; echo not here); echo $?

## positional
set -- a b c d e f g h i j k; echo $1 ${10} ${11} $#; shift 3; echo $1 $#

## special
false; echo $?; true; echo $?; echo $0 | wc -c

## command-substitution
x=$(echo a; echo b); echo "$x"; echo $(echo $(echo nested)); echo "<$(printf 'a\n\n\n')>"

## status-of-substitution
x=$(exit 3); echo $?; x=$(false) y=$(true); echo $?

## tilde
HOME=/somewhere; echo ~ ~/x "~" a~

## assignments-before-commands
x=1; x=2 sh -c 'echo $x'; echo $x; export x; sh -c 'echo $x'

## readonly
readonly x=1; (x=2; echo not here); echo $x
