# The cover letter's problem, solved: as cover-letter-flush, but the
# daemon resumes with DM_NOFLUSH_FLAG. Patch 7 is what changes the
# outcome: the ioctl passes the flag on since patch 5, the core can push
# back since patch 6, and from patch 7 on multipath asks for it.
era: 2.6.20 2.6.19 series:1 series:2 series:3 series:4 series:5 \
  series:6 series:7
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
unplug sda
io a mp r 0 8
status mp
replug sda as sdb
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
resume mp --noflush
wait a
---- 2.6.20 series:7
create mp = ok
  0 2048 multipath 1 1 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
load mp = ok
resume mp --noflush = ok
io a = ok, reads -*8
---- 2.6.19 series:1 series:2 series:3 series:4 series:5 series:6
create mp = ok
  0 2048 multipath 1 1 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
load mp = ok
io a = EIO
resume mp --noflush = ok
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
load mp = ok
resume mp --noflush = ok
io a = ok, reads -*8
---- kernel 6.1 6.12 rq
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
load mp = ok
resume mp --noflush = ok
io a = ok, reads -*8
