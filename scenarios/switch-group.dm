# switch_group asks for a group, which the next I/O switches to; what is
# on its way stays where it is. A group that does not exist is refused.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 0 0 2 1 \
    round-robin 0 1 1 /dev/sda 1000 \
    round-robin 0 1 1 /dev/sdb 1000
hold sda
io a mp r 0 8
status mp
message mp 0 switch_group 2
status mp
io b mp r 0 8
status mp
message mp 0 switch_group 3
release sda ok
----
create mp = ok
  0 2048 multipath 1 0 0 2 1 A 0 1 0 8:0 A 0 E 0 1 0 8:16 A 0
status mp = ok
message mp 0 switch_group 2 = ok
  0 2048 multipath 1 0 0 2 2 E 0 1 0 8:0 A 0 E 0 1 0 8:16 A 0
status mp = ok
io b = ok, reads -*8
  0 2048 multipath 1 0 0 2 2 E 0 1 0 8:0 A 0 A 0 1 0 8:16 A 0
status mp = ok
message mp 0 switch_group 3 = EINVAL
io a = ok, reads -*8
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
  0 2048 multipath 2 0 0 0 2 1 A 0 1 0 8:0 A 0 E 0 1 0 8:16 A 0
status mp = ok
message mp 0 switch_group 2 = ok
  0 2048 multipath 2 0 0 0 2 2 E 0 1 0 8:0 A 0 E 0 1 0 8:16 A 0
status mp = ok
io b = ok, reads -*8
  0 2048 multipath 2 0 0 0 2 2 E 0 1 0 8:0 A 0 A 0 1 0 8:16 A 0
status mp = ok
message mp 0 switch_group 3 = EINVAL
io a = ok, reads -*8
