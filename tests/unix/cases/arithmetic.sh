# SPDX-License-Identifier: BSD-2-Clause
# Arithmetic, in every shell.

## operators
echo $((1+2*3)) $((7/2)) $((7%3)) $((-7/2)) $((1<<10)) $((255>>4)) $((6&3)) $((6|3)) $((6^3))

## logic
echo $((1<2)) $((2<=1)) $((3==3)) $((3!=3)) $((1&&0)) $((1||0)) $((!5)) $((~0)) $((1?2:3))

## variables
x=5; y=x; echo $((x+1)) $((x*x)); : $((x+=3)); echo $x; : $((x=x-1)); echo $x

## bases
echo $((0x1F)) $((0x10 + 010))

## limits
echo $((2147483647)) $((-2147483647 - 1)) $((65536*32767))

## division-by-zero
(echo $((1/0)); echo not here); test $? != 0 && echo failed

## loop
i=0; s=0; while [ $i -lt 100 ]; do i=$((i+1)); s=$((s+i)); done; echo $s

## nested
echo $(( (1+2) * (3+4) )) $((1 + $(echo 2) + ${x:-3}))
