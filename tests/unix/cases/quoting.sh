# SPDX-License-Identifier: BSD-2-Clause
# Quoting and word splitting, in every shell.

## single
echo 'a  "b" $HOME `x` \n'

## double
x='a  b'; echo "$x" "\$x" "a\"b" "`echo c`" "$(echo d)"

## backslash
echo a\ \ b \$x \\ \'

## line-continued
echo one \
two

## empty-words
count () { echo $#; }
count '' "" a; count $nothing; count "$nothing"

## splitting
x=' a  b c '; for w in $x; do echo "<$w>"; done

## ifs
IFS=:; x=a::b:c; for w in $x; do echo "<$w>"; done

## at-and-star
set -- 'a b' c; for w in "$@"; do echo "<$w>"; done; for w in "$*"; do echo "<$w>"; done
IFS=-; echo "$*"

## newlines-in-words
x='one
two'; echo $x; echo "$x"

## comments
echo a#b # c
