# The stall that 2.6.20 fixed (D-01): an fsync holds the inode's mutex
# until its I/O is done; the I/O is pushed back; the swap of series:7
# takes the mutex to write the size, and waits for the fsync, which
# waits for the resume. 2.6.20 does without suspended_bdev under
# noflush, and so without the mutex.
era: 2.6.20 series:7
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8 fsync
suspend mp --noflush
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
resume mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io a = ok
---- series:7
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = blocked
io a = held in the core
