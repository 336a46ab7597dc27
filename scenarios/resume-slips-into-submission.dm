# I/O finds the device blocked and gives io_lock back; before queue_io
# takes it for writing the device is resumed. The test is made again,
# and the I/O goes its way at once (KERNEL.md A.2, Q2d and Q2e).
era: 2.6.20
mode: bio
model-only: a submission cannot be stopped between two locks

disk sda 2048
create d
  0 2048 linear /dev/sda 0
suspend d
io a d w 0 8
step a until Q2d
resume d
step a until Q2e
wait a
----
create d = ok
suspend d = ok
resume d = ok
io a = ok
