@echo off
rem The tests that grade, then the code style. Arguments go to pytest: runtests.bat --gap vae_loss
cd /d "%~dp0"
python -m pytest %*
set tests=%errorlevel%
python -m pycodestyle --max-line-length=120 .
set style=%errorlevel%
if not "%tests%"=="0" exit /b 1
if not "%style%"=="0" exit /b 1
