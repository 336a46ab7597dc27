# A signal makes a noflush suspend stop waiting; NOFLUSH is cleared
# (S10), a comes back and finds no path: -EIO, because the policy is
# still set aside and the flag is gone. The suspend then finds nothing
# pending (S11a) and says 0: it has succeeded, and a has failed.
era: 2.6.20 series:7
mode: bio
model-only: a fails between two instructions of dm_suspend

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
message mp 0 fail_path /dev/sda
suspend mp --noflush --tag s &
step s until S8c
signal s
step s until S11a
release sda error
wait a
step s
wait s
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush --tag s = ok
