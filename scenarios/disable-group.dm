# disable_group makes a group a last resort, which is used when no other
# has a path; enable_group makes it an ordinary one, and the next I/O
# chooses anew among all groups.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 0 0 2 1 \
    round-robin 0 1 1 /dev/sda 1000 \
    round-robin 0 1 1 /dev/sdb 1000
io a mp r 0 8
wait a
message mp 0 disable_group 1
io b mp r 0 8
wait b
status mp
message mp 0 fail_path /dev/sdb
io c mp r 0 8
wait c
status mp
message mp 0 reinstate_path /dev/sdb
message mp 0 enable_group 1
io d mp r 0 8
wait d
status mp
message mp 0 disable_group 0
----
create mp = ok
io a = ok, reads -*8
message mp 0 disable_group 1 = ok
io b = ok, reads -*8
  0 2048 multipath 1 0 0 2 2 D 0 1 0 8:0 A 0 A 0 1 0 8:16 A 0
status mp = ok
message mp 0 fail_path /dev/sdb = ok
io c = ok, reads -*8
  0 2048 multipath 1 0 0 2 1 D 0 1 0 8:0 A 0 E 0 1 0 8:16 F 1
status mp = ok
message mp 0 reinstate_path /dev/sdb = ok
message mp 0 enable_group 1 = ok
io d = ok, reads -*8
  0 2048 multipath 1 0 0 2 1 A 0 1 0 8:0 A 0 E 0 1 0 8:16 A 1
status mp = ok
message mp 0 disable_group 0 = EINVAL
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
io a = ok, reads -*8
message mp 0 disable_group 1 = ok
io b = ok, reads -*8
  0 2048 multipath 2 0 0 0 2 2 D 0 1 0 8:0 A 0 A 0 1 0 8:16 A 0
status mp = ok
message mp 0 fail_path /dev/sdb = ok
io c = ok, reads -*8
  0 2048 multipath 2 0 0 0 2 1 D 0 1 0 8:0 A 0 E 0 1 0 8:16 F 1
status mp = ok
message mp 0 reinstate_path /dev/sdb = ok
message mp 0 enable_group 1 = ok
io d = ok, reads -*8
  0 2048 multipath 2 0 0 0 2 1 A 0 1 0 8:0 A 0 E 0 1 0 8:16 A 1
status mp = ok
message mp 0 disable_group 0 = EINVAL
