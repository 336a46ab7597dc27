# Patch 6: a clone that ends with DM_ENDIO_REQUEUE during a noflush
# suspend does not fail its I/O: the core holds it until the resume,
# which issues it again, ahead of what came later. Before the patch the
# value 2 is a BUG.
era: series:6 series:5 2.6.20
mode: bio
model-only: only a made-up target answers REQUEUE here

disk sda 2048
create d
  0 2048 linear /dev/sda 0
hold sda
io a d w 0 8
suspend d --noflush --tag s &
io b d w 4 8
fault verdict d end_io 2
release sda ok
wait s
resume d
wait a
wait b
io c d r 0 12
---- series:6 2.6.20
create d = ok
suspend d --noflush --tag s = ok
resume d = ok
io a = ok
io b = ok
io c = ok, reads a*4 b*8
---- series:5
create d = ok
kernel BUG: unimplemented target endio return value
suspend d --noflush --tag s = blocked
resume d = not reached
io a = held by a process
io b = held in the core
io c = not issued
