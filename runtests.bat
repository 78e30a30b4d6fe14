@echo off
rem The tests that grade, then the code style. Arguments go to pytest: runtests.bat --gap vae_loss
cd /d "%~dp0"
set python=python
where /q python || set python=py
%python% -m exercise.ready || exit /b 2
%python% -m pytest %*
set tests=%errorlevel%
%python% -m exercise style
set style=%errorlevel%
if not "%tests%"=="0" exit /b 1
if not "%style%"=="0" exit /b 1
