# As reload-error-arriving-noflush, without the flag: a was not there to
# be flushed, and fails at the resume.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
suspend mp
io a mp w 0 8
load mp
  0 2048 error
resume mp
wait a
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp = ok
load mp = ok
io a = EIO
resume mp = ok
