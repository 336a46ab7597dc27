# As redispatch-order, but the path comes back with a new table, which
# today's kernels take while suspended: they refuse the message that
# reinstates a path. 2.6.20 issues what was pushed back first in, first
# out, and then what was deferred (R3); the reads show the order.
era: 2.6.20
mode: bio rq

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
io b mp w 0 6
suspend mp --noflush
io c mp w 0 4
io d mp w 0 2
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
resume mp
wait a
wait b
wait c
wait d
io e mp r 0 8
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io a = ok
io b = ok
io c = ok
io d = ok
io e = ok, reads d*2 c*2 b*2 a*2
---- kernel 6.1 6.12
# dm_requeue_add_io puts each bio at the HEAD of md->deferred, a, then
# b; queue_io puts c and d at the tail: dm_wq_work submits b, a, c, d.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io a = ok
io b = ok
io c = ok
io d = ok
io e = ok, reads d*2 c*2 a*4
---- kernel 6.1 rq
# c and d wait in the scheduler, which dm_start_queue runs first
# (blk_mq_unquiesce_queue); then blk_mq_requeue_work brings a and b.
# Each was put at the HEAD of requeue_list (blk_mq_add_to_requeue_list)
# and is inserted at the HEAD again (blk_mq_sched_insert_request): c, d,
# a, b.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io a = ok
io b = ok
io c = ok
io d = ok
io e = ok, reads b*6 a*2
---- kernel 6.12 rq
# c and d wait in the scheduler, which dm_start_queue runs first
# (blk_mq_unquiesce_queue); then blk_mq_requeue_work brings a and b.
# Each was put at the tail of requeue_list (blk_mq_requeue_request) and
# is inserted at the HEAD (blk_mq_insert_request): c, d, b, a.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io a = ok
io b = ok
io c = ok
io d = ok
io e = ok, reads a*8
---- kernel 6.12 rq
# As above, but the 100 ms of dm_requeue_original_request are over
# during the suspend: blk_mq_requeue_work inserts b and a before the
# resume, so that they go before c and d: b, a, c, d.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io a = ok
io b = ok
io c = ok
io d = ok
io e = ok, reads d*2 c*2 a*4
