# b comes while a noflush suspend waits for a, and is deferred;
# meanwhile the only path goes. The signal makes the suspend issue b at
# once (KERNEL.md A.4, S11), with the policy still set aside: b, which
# has never been in a target before, fails.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
suspend mp --noflush --tag s &
io b mp r 8 8
message mp 0 fail_path /dev/sda
signal s
wait s
release sda ok
wait a
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
io b = EIO
suspend mp --noflush --tag s = EINTR
io a = ok, reads -*8
---- kernel 6.1 6.12 rq
# multipath_presuspend leaves the policy alone (request-based, noflush):
# b goes back into blk-mq (must_push_back_rq, DM_MAPIO_DELAY_REQUEUE).
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --tag s = EINTR
io a = ok, reads -*8
io b = held in the core
