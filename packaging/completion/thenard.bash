# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of thenard for bash.
_thenard()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local options='--device --station --feed --control --sessions --calibrations --keys --model --metrics-rate-hz
        --frame-rate-hz --gate-kpa --log --config --show-config --help --version'
    COMPREPLY=()
    case $previous in
    -c | --config | --model)
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        ;;
    --sessions | --calibrations | --keys)
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        ;;
    --log)
        mapfile -t COMPREPLY < <(compgen -W 'error warning info debug' -- "$current")
        ;;
    -d | --device)
        # bash takes a colon as the end of a word: complete what stands before it
        mapfile -t COMPREPLY < <(compgen -W 'auto usb: serial: virtual: csv:' -- "$current")
        compopt -o nospace
        ;;
    --feed | --control)
        mapfile -t COMPREPLY < <(compgen -W 'tcp: ipc:' -- "$current")
        compopt -o nospace
        ;;
    *)
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
        ;;
    esac
}
complete -F _thenard thenard
