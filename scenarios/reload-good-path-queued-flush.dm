# The target holds a, and a suspend without the flag flushes it: it
# fails, although the table that comes next has a path. Compare
# succeed-after-table-load.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
suspend mp
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
resume mp
wait a
io b mp r 0 8
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp = ok
load mp = ok
resume mp = ok
io b = ok, reads -*8
---- kernel 6.1 6.12 rq
# queue_if_no_path of the presuspend kicks a by a work only
# (dm_mq_kick_requeue_list). Here __dm_suspend sets
# DMF_BLOCK_IO_FOR_SUSPEND before it runs: dm_mq_queue_rq sends a back,
# and blk_mq_queue_inflight does not count it. The resume sends it over
# the new table.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp = ok
load mp = ok
resume mp = ok
io a = ok
io b = ok, reads a*8
