# As implicit-suspend-flush, with the flag on the resume: b is pushed
# back and goes to the new table as well, ahead of c.
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
resume mp --noflush --tag r &
io c mp w 16 8
release sda ok
wait r
wait c
io d mp r 0 24
status mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
load mp = ok
io a = ok
resume mp --noflush --tag r = ok
io b = ok
io c = ok
io d = ok, reads a*8 b*8 c*8
  0 2048 multipath 1 0 0 1 1 A 0 1 0 8:16 A 0
status mp = ok
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
load mp = ok
io b = EIO
io a = ok
resume mp --noflush --tag r = ok
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
resume mp --noflush --tag r = ok
io a = ok
io b = ok
io c = ok
io d = ok, reads a*8 b*8 c*8
  0 2048 multipath 2 0 0 0 1 1 A 0 1 0 8:16 A 0
status mp = ok
