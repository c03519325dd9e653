//! A program without std, without an allocator and without a C library: it builds the machine of a
//! small bed, steps it through a second of silence, and ends with 0 where nothing was heated or
//! pressed. That it links at all is the proof: none of the five crates needs more than `core`.
#![no_std]
#![no_main]

mod memory;

use bed::config::{
    BedConfig, CarriageConfig, CornerConfig, HeaterConfig, LiftConfig, LoadCellConfig, RollerConfig, VERSION,
};
use core::arch::{asm, global_asm};
use counts::{AxisTarget, DeciWatts, Instant, MicrometresPerSecond, Readings};
use machine::Machine;

// The kernel enters here: the stack is aligned as a call would leave it.
global_asm!(".globl _start", "_start:", "xor ebp, ebp", "and rsp, -16", "call {main}", "ud2", main = sym main);

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    exit(101)
}

extern "C" fn main() -> ! {
    exit(i32::from(!stays_cold_and_low()))
}

/// One second without a single reading: no power to a heater, no lift upwards.
fn stays_cold_and_low() -> bool {
    let Ok(mut machine) = Machine::new(&small_bed()) else { return false };
    (1..=500_u64).all(|cycle| {
        let step = machine.step(Instant::from_micros(2000 * cycle), &Readings::default(), None);
        let targets = step.outputs.targets();
        let cold = targets.heaters.iter().all(|power| *power <= DeciWatts::ZERO);
        let low = targets.lifts.iter().all(|lift| match lift {
            AxisTarget::Released => true,
            AxisTarget::Velocity(velocity) => *velocity <= MicrometresPerSecond::ZERO,
        });
        cold && low
    })
}

/// The reference bed in short.
fn small_bed() -> BedConfig {
    let mut bed = BedConfig {
        version: VERSION,
        name: Default::default(),
        surface_length_mm: 2000.0,
        neck_line_mm: 520.0,
        supply_min_v: 20.0,
        supply_nominal_v: 24.0,
        carriages: Default::default(),
        lift: LiftConfig {
            coupled: false,
            stroke_mm: 100.0,
            pad_above_mm: 30.0,
            speed_up_mm_s: 60.0,
            speed_up_loaded_mm_s: 30.0,
            loaded_n: 80.0,
            speed_down_mm_s: 80.0,
            acceleration_mm_s2: 1000.0,
            delay_ms: 6.0,
            lag_ms: 10.0,
            friction_stick_n: 8.0,
            friction_slide_n: 5.0,
            thrust_max_n: 120.0,
            encoder_mm: 0.02,
            sink_mm_s: 40.0,
            thrust_noise_n: 25.0,
        },
        roller: RollerConfig {
            radius_mm: 20.0,
            inner_edge_mm: 20.0,
            width_mm: 30.0,
            contact_area_mm2: 900.0,
            heat_capacity_j_k: 200.0,
        },
        load_cell: Some(LoadCellConfig {
            range_n: 300.0,
            noise_n: 0.3,
            gain: 0.005,
            drift_n_k: 0.05,
            drift_10min_n: 0.2,
        }),
        head_heater: Some(HeaterConfig {
            power_w: 60.0,
            element_max_c: 60.0,
            surface_max_c: 49.0,
            element_lag_s: 3.0,
            surface_lag_s: 8.0,
            accuracy_k: 0.3,
        }),
        mats: Default::default(),
        corners: Some(CornerConfig { range_n: 600.0, noise_n: 1.0, across_mm: 700.0 }),
    };
    let carriage = CarriageConfig {
        from_mm: 350.0,
        to_mm: 1350.0,
        park_mm: 1350.0,
        speed_contact_mm_s: 60.0,
        speed_clear_mm_s: 120.0,
        acceleration_mm_s2: 500.0,
        encoder_mm: 0.05,
    };
    // A bed without a carriage is refused, so a full list cannot hide here.
    let _ = bed.carriages.push(carriage);
    bed
}

/// Ends the program through the kernel (x86-64 Linux, system call 231, `exit_group`).
fn exit(code: i32) -> ! {
    // SAFETY: the call takes one number and does not return; it touches no memory of ours.
    unsafe { asm!("syscall", in("rax") 231, in("rdi") code, options(noreturn, nostack)) }
}
