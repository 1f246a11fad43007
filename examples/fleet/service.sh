#!/bin/sh
# What the fleet builds: says how large its program is.
echo "service of $(wc -c </opt/service.bin) bytes"
