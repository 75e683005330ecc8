# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for thenar(1)                                            -*- shell-script -*-

_thenar()
{
    local cur prev command options
    cur=${COMP_WORDS[COMP_CWORD]}
    prev=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()

    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "list device tare status tail watch session keys analyze train calibrate plan compare label declare comfort --help --version" -- "$cur")
        return
    fi

    # A value that belongs to the option before it.
    case $prev in
        --calibration | --script | --fit | --run | --out | --picture | --live | --episodes | --reference-episodes)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            return
            ;;
        --folder | --keys)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            return
            ;;
        --live-unit)
            mapfile -t COMPREPLY < <(compgen -W "n kg kpa" -- "$cur")
            return
            ;;
        --cues)
            mapfile -t COMPREPLY < <(compgen -W "trusted all off" -- "$cur")
            return
            ;;
        --variant)
            mapfile -t COMPREPLY < <(compgen -W "passive active weight_bearing" -- "$cur")
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
        session) options="--participant --operator --plan --note --since --until --to --format --samples --output --reference --yes --sessions --json --control --help" ;;
        keys) options="--keys --name --help" ;;
        tail) options="--json --count --feed --help" ;;
        watch) options="--feed --control --help" ;;
        analyze)
            options="--rows --cols --pitch-mm --rate --unit --calibration --full-scale --mount --model --sessions --control --tare --plan --cues --json --no-progress --help"
            ;;
        plan) options="--cues --device --episodes --out --rows --cols --pitch-mm --rate --unit --control --help" ;;
        compare) options="--rows --cols --pitch-mm --rate --unit --calibration --full-scale --mount --model --sessions --control --tare --reference-episodes --episodes --help" ;;
        label) options="--rows --cols --pitch-mm --rate --unit --calibration --full-scale --mount --model --sessions --control --tare --episodes --out --batch --help" ;;
        declare) options="--variant --device --control --help" ;;
        comfort) options="--device --control --help" ;;
        train) options="--from --test --enrol --out --name --seed --scenes --shrinkage --no-report --no-progress --help" ;;
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
        mapfile -t COMPREPLY < <(compgen -W "start stop note status list show verify repair report export methods progress erase replay" -- "$cur")
    elif [[ $command == session ]]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    elif [[ $command == keys && $COMP_CWORD -eq 2 ]]; then
        mapfile -t COMPREPLY < <(compgen -W "make allow trust list" -- "$cur")
    elif [[ $command == tail ]]; then
        mapfile -t COMPREPLY < <(compgen -W "metrics contact stroke episode cue frame status session gap motion plan comfort" -- "$cur")
    elif [[ $command == calibrate ]]; then
        # bash takes a colon as the end of a word: complete what stands before it
        mapfile -t COMPREPLY < <(compgen -W 'auto usb: serial: virtual:' -- "$cur")
        compopt -o nospace
    elif [[ $command == plan && $COMP_CWORD -eq 2 ]]; then
        mapfile -t COMPREPLY < <(compgen -W "list show check start status next back pause resume stop from" -- "$cur")
    elif [[ $command == plan && ( $prev == show || $prev == start ) ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(thenar plan list 2>/dev/null | cut -d' ' -f1)" -- "$cur")
    elif [[ $command == declare ]]; then
        mapfile -t COMPREPLY < <(compgen -W "effleurage petrissage rolling friction tapotement vibration shaking compression myofascial_release soft_tissue_release muscle_energy stretching unknown" -- "$cur")
    elif [[ $command == analyze || $command == train || $command == compare || $command == label || $command == plan || $command == keys ]]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    fi
}

complete -F _thenar thenar
