#!/bin/sh
# Builds it
set -eu
name="world"
for file in *.txt; do
    if [ -f "$file" ]; then
        echo "found: $file" 'as $it is'
    fi
done
cat <<END
text for $name
END
while true; do
    break
done
