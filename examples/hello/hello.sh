#!/bin/sh
# Greets from inside an image.
echo "$GREETING, $NAME! This image counts its years from $(cat /hello/born)."
