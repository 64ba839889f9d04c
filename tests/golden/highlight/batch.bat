@echo off
rem Copies what changed since the last run.
setlocal enabledelayedexpansion
set SOURCE=C:\notes
set /a count=0

if not exist "%SOURCE%" (
    echo Nothing to copy from "%SOURCE%".
    exit /b 1
)

:: One file after the other
for %%f in ("%SOURCE%\*.txt") do (
    set /a count+=1
    copy "%%f" "D:\backup\%%~nxf" >nul
    if errorlevel 1 goto failed
)
echo !count! files were copied.
goto :eof

:failed
echo Copying stopped at file !count!.
exit /b 2
