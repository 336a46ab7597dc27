# The cover letter's problem: the cable of sda is pulled out, I/O
# queues in the target; the disk comes back as sdb; the daemon loads a
# table with the new name and resumes, as old tools do, without
# DM_NOFLUSH_FLAG. The resume suspends first, and that flushes: the I/O
# fails, in every kernel (F13).
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
resume mp
wait a
----
create mp = ok
  0 2048 multipath 1 1 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
load mp = ok
io a = EIO
resume mp = ok
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
load mp = ok
resume mp = ok
io a = EIO
---- kernel 6.1 6.12 rq
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
# A race: process_queued_io_list only kicks kblockd, and the suspend
# blocks the queue before a is mapped (dm_mq_queue_rq,
# DMF_BLOCK_IO_FOR_SUSPEND): blk_mq_queue_inflight does not count a, and
# the new table maps it to sdb.
create mp = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
load mp = ok
resume mp = ok
io a = ok, reads -*8
---- kernel 6.1 6.12 rq
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
load mp = ok
resume mp = ok
io a = EIO
