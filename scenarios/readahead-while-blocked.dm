# A read-ahead may fail: it is not deferred while I/O is blocked, but
# ends with -EIO (KERNEL.md A.2, Q2). Any other read waits. A read-ahead
# that was mapped before is pushed back like any other.
era: 2.6.20 2.6.19
mode: bio
model-only: no application can see how a read-ahead ends

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8 readahead
suspend mp --noflush
io b mp r 8 8 readahead
io c mp r 16 8
message mp 0 reinstate_path /dev/sda
resume mp
io d mp r 24 8 readahead
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
io b = EIO
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io a = ok, reads -*8
io c = ok, reads -*8
io d = ok, reads -*8
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
io b = EIO
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io c = ok, reads -*8
io d = ok, reads -*8
