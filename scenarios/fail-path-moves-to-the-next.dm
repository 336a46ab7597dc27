# An I/O that is on its way over a path that a message fails completes
# all the same. One that its path fails comes back to the target and
# goes over the next path, and nobody above sees it.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 0 0 1 1 \
    round-robin 0 2 1 /dev/sda 1000 /dev/sdb 1000
hold sda
io a mp w 0 8
message mp 0 fail_path /dev/sda
io b mp w 8 8
status mp
release sda ok
message mp 0 reinstate_path /dev/sda
hold sda
io c mp w 16 8
release sda error
wait c
status mp
io d mp r 0 24
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
io b = ok
  0 2048 multipath 1 0 0 1 1 A 0 2 0 8:0 F 1 8:16 A 0
status mp = ok
io a = ok
message mp 0 reinstate_path /dev/sda = ok
io c = ok
  0 2048 multipath 1 0 0 1 1 A 0 2 0 8:0 F 2 8:16 A 0
status mp = ok
io d = ok, reads a*8 b*8 c*8
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
message mp 0 fail_path /dev/sda = ok
io b = ok
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 F 1 8:16 A 0
status mp = ok
io a = ok
message mp 0 reinstate_path /dev/sda = ok
io c = ok
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 F 2 8:16 A 0
status mp = ok
io d = ok, reads a*8 b*8 c*8
---- kernel 6.1 6.12 rq
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
message mp 0 fail_path /dev/sda = ok
io b = ok
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 F 1 8:16 A 0
status mp = ok
io a = ok
message mp 0 reinstate_path /dev/sda = ok
io c = ok
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 F 2 8:16 A 0
status mp = ok
io d = ok, reads a*8 b*8 c*8
