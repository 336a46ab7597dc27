# The group that the table line asks for is taken by the first I/O even
# if it has been disabled meanwhile: disable_group forgets the current
# group, not the one that was asked for (bypass_pg, read in 2.6.24).
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 0 0 2 1 \
    round-robin 0 1 1 /dev/sda 1000 \
    round-robin 0 1 1 /dev/sdb 1000
message mp 0 disable_group 1
io a mp r 0 8
wait a
status mp
----
create mp = ok
message mp 0 disable_group 1 = ok
io a = ok, reads -*8
  0 2048 multipath 1 0 0 2 1 D 0 1 0 8:0 A 0 E 0 1 0 8:16 A 0
status mp = ok
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
message mp 0 disable_group 1 = ok
io a = ok, reads -*8
  0 2048 multipath 2 0 0 0 2 1 D 0 1 0 8:0 A 0 E 0 1 0 8:16 A 0
status mp = ok
