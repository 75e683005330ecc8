# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for thenar(1)                                            -*- shell-script -*-

_thenar()
{
    local cur prev command options
    cur=${COMP_WORDS[COMP_CWORD]}
    prev=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()

    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "list device tare status tail watch session analyze calibrate --help --version" -- "$cur")
        return
    fi

    # A value that belongs to the option before it.
    case $prev in
        --calibration | --script | --fit | --run | --out | --picture | --live)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            return
            ;;
        --folder)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            return
            ;;
        --live-unit)
            mapfile -t COMPREPLY < <(compgen -W "n kg kpa" -- "$cur")
            return
            ;;
        --unit)
            mapfile -t COMPREPLY < <(compgen -W "kpa n counts" -- "$cur")
            return
            ;;
        --mount)
            mapfile -t COMPREPLY < <(compgen -W "pad torso mat glove" -- "$cur")
            return
            ;;
        --feed | --control | --count | --rows | --cols | --pitch-mm | --rate | --full-scale | --tare | --seconds | --span | --weights | --puck-mm | --even-kpa | --hold | --long-hold | --live-baud | \
            --reference | --uncertainty | --operator | --note | --temperature | --valid-months)
            return
            ;;
    esac

    command=${COMP_WORDS[1]}
    case $command in
        device) options="--bootloader --seconds --json --control --help" ;;
        tare) options="--loaded --span --json --control --help" ;;
        list | status) options="--json --control --help" ;;
        session) options="--participant --operator --plan --note --sessions --json --control --help" ;;
        tail) options="--json --count --feed --help" ;;
        watch) options="--feed --control --help" ;;
        analyze)
            options="--rows --cols --pitch-mm --rate --unit --calibration --full-scale --mount --tare --json --no-progress --help"
            ;;
        calibrate)
            options="--weights --puck-mm --even-kpa --hold --long-hold --script --live --live-unit
                --live-baud --reference --uncertainty --operator --note --temperature --valid-months
                --folder --out --picture --run --fresh --fit --quiet --help"
            ;;
        *) return ;;
    esac
    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    elif [[ $command == device ]]; then
        mapfile -t COMPREPLY < <(compgen -W "identify selftest reboot" -- "$cur")
    elif [[ $command == session ]] && ((COMP_CWORD == 2)); then
        mapfile -t COMPREPLY < <(compgen -W "start stop note status list show verify repair replay" -- "$cur")
    elif [[ $command == session ]]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    elif [[ $command == tail ]]; then
        mapfile -t COMPREPLY < <(compgen -W "metrics contact stroke episode cue frame status session gap motion" -- "$cur")
    elif [[ $command == calibrate ]]; then
        # bash takes a colon as the end of a word: complete what stands before it
        mapfile -t COMPREPLY < <(compgen -W 'auto usb: serial: virtual:' -- "$cur")
        compopt -o nospace
    elif [[ $command == analyze ]]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    fi
}

complete -F _thenar thenar
