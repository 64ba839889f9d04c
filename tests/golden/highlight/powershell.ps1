# Lists
<# more
   lines #>
function Get-Size {
    param([string]$Path)
    foreach ($item in Get-ChildItem $Path) {
        if ($item.Length -gt 10) {
            Write-Host "big: $item"
        }
    }
    return 'done'
}
