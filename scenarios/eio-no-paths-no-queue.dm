# Mail 07/11, eio_no_paths_no_queue: no path, and the policy is not to
# queue. I/O fails, also what was on its way when the last path went.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 /dev/sda 1000
offline sda
io a mp r 0 8
status mp
io b mp r 0 8
----
create mp = ok
io a = EIO
  0 2048 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
io b = EIO
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
io a = EIO
  0 2048 multipath 2 0 0 0 1 1 A 0 1 0 8:0 F 1
status mp = ok
io b = EIO
---- kernel 6.1 6.12 rq
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
io a = EIO
  0 2048 multipath 2 0 0 0 1 1 A 0 1 0 8:0 F 1
status mp = ok
io b = EIO
