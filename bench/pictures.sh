#!/bin/sh
# Every page of a workbook as PNG: sh bench/pictures.sh WORKBOOK FOLDER (needs LibreOffice and poppler).
set -eu
book=$1
for folder; do :; done   # the last argument; copies with edits may stand between
for tool in soffice pdftoppm; do
  command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$book" "$work/report.xlsx"
soffice -env:UserInstallation="file://$work/profile" --headless --convert-to pdf --outdir "$work" "$work/report.xlsx" >/dev/null 2>&1
mkdir -p "$folder"
rm -f "$folder"/page-*.png
pdftoppm -r "${DPI:-70}" -png "$work/report.pdf" "$folder/page"
ls "$folder"
