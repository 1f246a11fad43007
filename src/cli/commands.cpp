// The table of all commands, in the order in which the help lists them.

#include <array>

#include "command.hpp"

namespace strata::cli {

namespace {

constexpr std::array table{
    Command{"build", "Build an image from a Dockerfile", build_syntax, run_build},
    Command{"parse", "Show what a Dockerfile says", parse_syntax, run_parse},
    Command{"plan", "Show the steps a build would take", plan_syntax, run_plan},
    Command{"images", "List images", images_syntax, run_images},
    Command{"history", "Show an image's layers, newest first", history_syntax, run_history},
    Command{"inspect", "Show all that is known of images or containers", inspect_syntax,
            run_inspect},
    Command{"tag", "Give an image another name", tag_syntax, run_tag},
    Command{"rmi", "Remove images or their names", rmi_syntax, run_rmi},
    Command{"save", "Write images to an archive", save_syntax, run_save},
    Command{"load", "Read images from an archive or a layout", load_syntax, run_load},
    Command{"import", "Make an image of a root file system", import_syntax, run_import},
    Command{"pull", "Fetch an image from a registry", pull_syntax, run_pull},
    Command{"push", "Send an image to a registry", push_syntax, run_push},
    Command{"login", "Remember who you are at a registry", login_syntax, run_login},
    Command{"logout", "Forget who you are at a registry", logout_syntax, run_logout},
    Command{"run", "Run a command in a new container", run_syntax, run_run},
    Command{"ps", "List containers", ps_syntax, run_ps},
    Command{"diff", "Show what a container changed", diff_syntax, run_diff},
    Command{"rm", "Remove containers", rm_syntax, run_rm},
    Command{"system df", "Show what takes space on the disk", df_syntax, run_df},
    Command{"system prune", "Remove what nothing uses", prune_syntax, run_prune},
    Command{"cache export", "Write the content of a cache mount to a tar", cache_export_syntax,
            run_cache_export},
    Command{"cache import", "Put the content of a cache mount into the store", cache_import_syntax,
            run_cache_import},
    Command{"verify", "Prove that the store is whole", verify_syntax, run_verify},
    Command{"version", "Show the version", version_syntax, run_version},
    Command{"image ls", "", images_syntax, run_images, true},
    Command{"image list", "", images_syntax, run_images, true},
    Command{"image rm", "", rmi_syntax, run_rmi, true},
    Command{"image history", "", history_syntax, run_history, true},
    Command{"image inspect", "", inspect_syntax, run_inspect, true},
    Command{"image tag", "", tag_syntax, run_tag, true},
    Command{"image save", "", save_syntax, run_save, true},
    Command{"image load", "", load_syntax, run_load, true},
    Command{"image import", "", import_syntax, run_import, true},
    Command{"image pull", "", pull_syntax, run_pull, true},
    Command{"image push", "", push_syntax, run_push, true},
    Command{"image build", "", build_syntax, run_build, true},
    Command{"container ls", "", ps_syntax, run_ps, true},
    Command{"container run", "", run_syntax, run_run, true},
    Command{"container diff", "", diff_syntax, run_diff, true},
    Command{"container rm", "", rm_syntax, run_rm, true},
};

}  // namespace

std::span<const Command> commands() { return table; }

}  // namespace strata::cli
