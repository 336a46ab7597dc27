# The error target in place of the paths, after a suspend without the
# flag: a fails in the suspend, before the error target is there.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
suspend mp
load mp
  0 2048 error
resume mp
wait a
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp = ok
load mp = ok
resume mp = ok
