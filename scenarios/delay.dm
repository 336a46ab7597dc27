# delay stands for a target that takes its time (read in 2.6.24): a is
# kept for 100 ms; a suspend does not wait that long, because presuspend
# sends on what is kept, with the flag and without.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d
  0 2048 delay /dev/sda 0 100
hold sda
io a d w 0 8
status d
suspend d --noflush --tag s &
status d
release sda ok
wait s
resume d
io b d r 0 8
wait b
----
create d = ok
  0 2048 delay 0 1
status d = ok
  0 2048 delay 0 0
status d = ok
io a = ok
suspend d --noflush --tag s = ok
resume d = ok
io b = ok, reads a*8
---- kernel 6.1 6.12
# delay_status prints the flushes that are kept as a third number.
create d = ok
  0 2048 delay 0 1 0
status d = ok
  0 2048 delay 0 0 0
status d = ok
suspend d --noflush --tag s = ok
io a = ok
resume d = ok
io b = ok, reads a*8
