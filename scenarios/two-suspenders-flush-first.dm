# As two-suspenders, the other way round: a suspend with the flag comes
# while one without it is under way, and waits for suspend_lock. It
# cannot save a, which the first one flushes, and says -EINVAL.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io b mp r 0 8
message mp 0 fail_path /dev/sda
io a mp r 0 8
suspend mp --tag f &
suspend mp --noflush --tag n &
release sda ok
wait f
wait n
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
io b = ok, reads -*8
suspend mp --tag f = ok
suspend mp --noflush --tag n = EINVAL
---- kernel 6.1 6.12 rq
# A race: process_queued_io_list only kicks kblockd, and the suspend
# blocks the queue before a is mapped (dm_mq_queue_rq,
# DMF_BLOCK_IO_FOR_SUSPEND): blk_mq_queue_inflight does not count a, and
# it stays in blk-mq.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --tag f = ok
suspend mp --noflush --tag n = EINVAL
io b = ok, reads -*8
io a = held in the core
