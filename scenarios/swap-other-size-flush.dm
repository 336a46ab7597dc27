# After a suspend that flushes, a table of another size is taken. I/O
# beyond the new end does not reach the device.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d
  0 2048 linear /dev/sda 0
io a d r 1024 8
suspend d
load d
  0 1024 linear /dev/sda 0
resume d
table d
io b d r 1024 8
io c d r 1016 8
----
create d = ok
io a = ok, reads -*8
suspend d = ok
load d = ok
resume d = ok
  0 1024 linear 8:0 0
table d = ok
io b = EIO
io c = ok, reads -*8
---- kernel 6.1 6.12
# blkdev_read_iter: a read from the end on is 0 bytes (short), no bio is
# made. The model's I/O is a bio, which 2.6.20 ended with -EIO, as
# bio_check_eod does.
create d = ok
io a = ok, reads -*8
suspend d = ok
load d = ok
resume d = ok
  0 1024 linear 8:0 0
table d = ok
io b = short
io c = ok, reads -*8
