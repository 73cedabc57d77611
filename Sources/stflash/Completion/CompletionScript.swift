/// The lines that have a shell ask the program itself: what can stand where is known in one place, in no shell's language.
enum CompletionScript {
  /// A shell that completions are made for.
  enum Shell: String, CaseIterable {
    case bash
    case zsh
    case fish
  }

  /// What the shell reads at its start.
  static func text(for shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  // bash splits words at = and :, so they are put together before, and the part in front is taken off again afterwards.
  private static let bash = """
    # bash completion for stflash
    _stflash() {
      local words=() word glued="" index line files="" current
      for ((index = 1; index <= COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        if [[ ${#words[@]} -gt 0 && ( $word == [=:] || $glued ) ]]; then
          words[${#words[@]}-1]+=$word
        else
          words+=("$word")
        fi
        [[ $word == [=:] ]] && glued=1 || glued=""
      done
      current=${words[${#words[@]}-1]-}
      local part=${COMP_WORDS[COMP_CWORD]} front
      [[ $part == [=:] ]] && part=""
      front=${current%"$part"}
      COMPREPLY=()
      while IFS= read -r line; do
        case $line in
          :files*) files=$line ;;
          *)
            line=${line%%$'\\t'*}
            COMPREPLY+=("${line#"$front"}")
            ;;
        esac
      done < <("${COMP_WORDS[0]/#\\~/$HOME}" ---complete "${words[@]}" 2>/dev/null)
      if [[ $files ]]; then
        compopt -o filenames 2>/dev/null
        local ends=(${files#:files}) file end
        while IFS= read -r file; do
          if [[ -d $file || ${#ends[@]} -eq 0 ]]; then COMPREPLY+=("$file"); continue; fi
          for end in "${ends[@]}"; do
            if [[ $file == *."$end" ]]; then COMPREPLY+=("$file"); fi
          done
        done < <(compgen -f -- "$part")
      fi
    }
    complete -F _stflash stflash

    """

  private static let zsh = """
    #compdef stflash
    _stflash() {
      local line files="" asked=0
      local -a texts shown ends
      while IFS= read -r line; do
        if [[ $line == :files* ]]; then
          asked=1
          ends=(${=line#:files})
        else
          texts+=("${line%%$'\\t'*}")
          shown+=("${line/$'\\t'/  -- }")
        fi
      done < <("${(e)words[1]}" ---complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)
      (( ${#texts} )) && compadd -l -d shown -a texts
      if (( asked )); then
        if (( ${#ends} )); then _files -g "*.(${(j:|:)ends})(-.)"; else _files; fi
      fi
      return 0
    }
    if [[ $funcstack[1] == _stflash ]]; then _stflash "$@"; else compdef _stflash stflash; fi

    """

  private static let fish = """
    # fish completion for stflash
    function __stflash_complete
      set -l words (commandline -opc) (commandline -ct)
      for line in (command $words[1] ---complete $words[2..] 2>/dev/null)
        if string match -q ':files*' -- $line
          set -l ends (string split -n ' ' -- (string sub -s 7 -- $line))
          set -l current (string replace -r '^-[^=]*=' '' -- $words[-1])
          set -l front (string sub -l (math (string length -- $words[-1]) - (string length -- $current)) -- $words[-1])
          for path in $current*
            if test -d $path
              echo $front$path/
            else if test -z "$ends"; or contains -- (string replace -r '.*\\.' '' -- $path) $ends
              echo $front$path
            end
          end
        else
          echo $line
        end
      end
    end
    complete -c stflash -f -a '(__stflash_complete)'

    """
}
