# A table is loaded and resumed without a suspend (F13): the resume
# suspends by itself. It waits for a, which is with the disk; b waits in
# the target and fails; c arrives meanwhile and goes to the new table.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
message mp 0 fail_path /dev/sda
io b mp w 8 8
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
resume mp --tag r &
io c mp w 16 8
release sda ok
wait r
wait c
io d mp r 0 24
status mp
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
load mp = ok
io b = EIO
io a = ok
resume mp --tag r = ok
io c = ok
io d = ok, reads a*8 -*8 c*8
  0 2048 multipath 1 0 0 1 1 A 0 1 0 8:16 A 0
status mp = ok
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
message mp 0 fail_path /dev/sda = ok
load mp = ok
io b = EIO
resume mp --tag r = ok
io a = ok
io c = ok
io d = ok, reads a*8 -*8 c*8
  0 2048 multipath 2 0 0 0 1 1 A 0 1 0 8:16 A 0
status mp = ok
