# A medium error is an error of the LUN, but without a hardware handler
# every error fails the path (KERNEL.md B): one I/O takes both paths,
# one after the other, and then waits as if the paths were gone. With
# good paths in reach only a message helps.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 2 1 /dev/sda 1000 /dev/sdb 1000
medium sda 8 8
io a mp r 0 8
io b mp r 4 8
status mp
io c mp r 0 8
message mp 0 fail_if_no_path
message mp 0 reinstate_path /dev/sdb
io d mp r 16 8
----
create mp = ok
io a = ok, reads -*8
  0 2048 multipath 1 1 0 1 1 E 0 2 0 8:0 F 1 8:16 F 1
status mp = ok
message mp 0 fail_if_no_path = ok
io b = EIO
io c = EIO
message mp 0 reinstate_path /dev/sdb = ok
io d = ok, reads -*8
---- kernel 6.1 6.12
# blk_path_error: BLK_STS_MEDIUM is no path error. multipath_end_io_bio
# ends b with it (ENODATA), no path fails, and c finds one.
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
io a = ok, reads -*8
io b = ENODATA
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 A 0 8:16 A 0
status mp = ok
io c = ok, reads -*8
message mp 0 fail_if_no_path = ok
message mp 0 reinstate_path /dev/sdb = ok
io d = ok, reads -*8
