//! Frames over a line that tears, repeats, loses and turns bits: nothing wrong is ever taken for right.

use bed::{Ask, Event, Report, Request, SessionState};
use counts::{
    CARRIAGES_MAX, CORNERS, DeciCelsius, DeciNewtons, DriveState, Fault, HEADS_MAX, HEATERS_MAX, Instant,
    Micrometres, Millivolts, Sample,
};
use link::{Decoder, Encoder, FRAME_MAX, FrameError, FromBed, ToBed};
use proptest::prelude::*;

fn request(id: u32) -> ToBed {
    ToBed::Request { request: Request::new(id, Ask::Rest), seen: Instant::from_micros(u64::from(id)) }
}

fn all(decoder: &mut Decoder, mut bytes: &[u8]) -> Vec<Result<ToBed, FrameError>> {
    std::iter::from_fn(|| decoder.next(&mut bytes)).collect()
}

/// A frame with this content, made without the encoder.
fn on_the_line(content: &[u8]) -> Vec<u8> {
    let mut frame = vec![0; cobs::max_encoding_length(content.len()) + 1];
    let length = cobs::encode(content, &mut frame);
    frame.truncate(length + 1);
    frame
}

/// The fullest report that there is: every reading, as long as it can be written.
fn fullest() -> Report {
    let late = Instant::from_micros(u64::MAX);
    fn sample<T>(value: T) -> Option<Sample<T>> {
        Some(Sample { value, taken: Instant::from_micros(u64::MAX) })
    }
    let mut report = Report { now: late, ..Report::default() };
    for carriage in &mut report.readings.carriages {
        carriage.position = sample(Micrometres::MIN);
        carriage.drive = sample(DriveState::Fault);
    }
    for head in &mut report.readings.heads {
        head.height = sample(Micrometres::MIN);
        head.force = sample(DeciNewtons::MIN);
        head.thrust = sample(DeciNewtons::MIN);
        head.drive = sample(DriveState::Fault);
    }
    for heater in &mut report.readings.heaters {
        heater.element = sample(DeciCelsius::MIN);
        heater.surface = sample(DeciCelsius::MIN);
    }
    report.readings.corners = [sample(DeciNewtons::MIN); CORNERS];
    report.readings.hand_switch = sample(true);
    report.readings.emergency_stop = sample(true);
    report.readings.supply = sample(Millivolts::MIN);
    report.request = Some(Request {
        surfaces: [Some(DeciCelsius::MIN); HEATERS_MAX],
        force_cap: Some(DeciNewtons::MIN),
        ..Request::new(u32::MAX, Ask::Begin(bed::request::Admission::default()))
    });
    while report.events.push(Event::Landed { head: u8::MAX, at: Micrometres::MIN }).is_ok() {}
    report.outputs.lifts = [counts::AxisTarget::Velocity(counts::MicrometresPerSecond::MIN); HEADS_MAX];
    report.outputs.carriages =
        [counts::AxisTarget::Velocity(counts::MicrometresPerSecond::MIN); CARRIAGES_MAX];
    report.outputs.heaters = [counts::DeciWatts::MIN; HEATERS_MAX];
    report
}

#[test]
fn the_fullest_report_fits_into_half_a_frame_and_comes_over_whole() {
    let said = FromBed::Report(fullest());
    let frame = Encoder::default().encode(&said).expect("fits");
    assert!(frame.len() <= FRAME_MAX / 2 + 100, "{} bytes", frame.len());
    let heard = Decoder::default().next::<FromBed>(&mut frame.as_slice());
    assert_eq!(heard, Some(Ok(said)));
}

#[test]
fn a_listener_who_comes_in_late_hears_the_next_whole_frame() {
    let mut encoder = Encoder::default();
    let first = encoder.encode(&request(1)).expect("fits");
    let second = encoder.encode(&request(2)).expect("fits");
    for cut in 1..first.len() {
        let line = [&first[cut..], &second[..]].concat();
        let heard = all(&mut Decoder::default(), &line);
        assert_eq!(heard.last(), Some(&Ok(request(2))), "cut at {cut}");
        assert!(heard.iter().take(heard.len() - 1).all(Result::is_err));
    }
}

#[test]
fn a_frame_that_comes_twice_or_late_is_dropped_and_a_gap_is_counted() {
    let mut encoder = Encoder::default();
    let frames: Vec<_> = (0..6).map(|id| encoder.encode(&request(id)).expect("fits")).collect();
    let line = [0, 1, 1, 4, 2, 3, 4, 5].map(|at: usize| frames[at].as_slice()).concat();
    let mut decoder = Decoder::default();
    let heard: Vec<_> = all(&mut decoder, &line).into_iter().map(|it| it.map_err(Some)).collect();
    let old = |sequence| Err(Some(FrameError::Old(sequence)));
    let expected =
        [Ok(request(0)), Ok(request(1)), old(1), Ok(request(4)), old(2), old(3), old(4), Ok(request(5))];
    assert_eq!(heard, expected);
    assert_eq!(decoder.missed(), 2);
}

#[test]
fn the_sequence_goes_on_past_its_end() {
    let mut encoder = Encoder::default();
    let first = encoder.encode(&request(0)).expect("fits");
    // A frame of the other end of the numbers, made by hand as the page of the frame says.
    let again = |sequence: u32| {
        let mut content = vec![link::frame::VERSION];
        content.extend(sequence.to_le_bytes());
        let mut body = [0; 200];
        content.extend(&*postcard::to_slice(&request(7), &mut body).expect("fits"));
        let sum = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&content);
        content.extend(sum.to_le_bytes());
        on_the_line(&content)
    };
    let line = [again(u32::MAX - 1), again(u32::MAX), first.to_vec()].concat();
    let mut decoder = Decoder::default();
    assert_eq!(all(&mut decoder, &line), [Ok(request(7)), Ok(request(7)), Ok(request(0))]);
    assert_eq!(decoder.missed(), 0);
}

#[test]
fn a_version_that_is_not_ours_is_named_and_not_guessed_at() {
    let mut content = vec![link::frame::VERSION + 1, 0, 0, 0, 0, 1, 2, 3];
    let sum = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&content);
    content.extend(sum.to_le_bytes());
    let heard = all(&mut Decoder::default(), &on_the_line(&content));
    assert_eq!(heard, [Err(FrameError::Version(link::frame::VERSION + 1))]);
}

#[test]
fn what_is_longer_than_a_frame_is_dropped_whole_and_what_follows_is_heard() {
    let frame = Encoder::default().encode(&request(3)).expect("fits");
    for length in [FRAME_MAX, FRAME_MAX + 1, 3 * FRAME_MAX] {
        let mut line = vec![7_u8; length];
        line.push(0);
        line.extend(&frame);
        let heard = all(&mut Decoder::default(), &line);
        assert_eq!(heard.len(), 2);
        assert!(heard[0].is_err());
        assert_eq!(heard[1], Ok(request(3)));
    }
}

proptest! {
    #[test]
    fn however_the_line_cuts_the_bytes_the_same_messages_come_out(
        ids in prop::collection::vec(any::<u32>(), 1..20),
        cuts in prop::collection::vec(1_usize..40, 1..200),
    ) {
        let mut encoder = Encoder::default();
        let line: Vec<u8> = ids.iter().flat_map(|id| encoder.encode(&request(*id)).expect("fits")).collect();
        let mut decoder = Decoder::default();
        let (mut heard, mut rest, mut cuts) = (Vec::new(), line.as_slice(), cuts.iter().cycle());
        while !rest.is_empty() {
            let (piece, left) = rest.split_at(rest.len().min(*cuts.next().expect("a cut")));
            heard.extend(all(&mut decoder, piece));
            rest = left;
        }
        let said: Vec<_> = ids.iter().map(|id| Ok(request(*id))).collect();
        prop_assert_eq!(heard, said);
    }

    #[test]
    fn any_bytes_at_all_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..6000)) {
        let mut decoder = Decoder::default();
        for result in all(&mut decoder, &bytes) {
            prop_assert!(result.is_err(), "random bytes made a message: {result:?}");
        }
        let frame = Encoder::default().encode(&request(3)).expect("fits");
        let after = all(&mut decoder, &[&[0], frame.as_slice()].concat());
        prop_assert_eq!(after.last(), Some(&Ok(request(3))));
    }

    #[test]
    fn up_to_three_bits_that_turn_never_make_another_message(
        turned in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
    ) {
        let mut encoder = Encoder::default();
        let first = encoder.encode(&request(8)).expect("fits");
        let mut line = first.to_vec();
        for index in turned {
            let bit = index.index(8 * (line.len() - 1));
            line[bit / 8] ^= 1 << (bit % 8);
        }
        for heard in all(&mut Decoder::default(), &line) {
            prop_assert!(heard.is_err() || heard == Ok(request(8)), "{heard:?}");
        }
    }

    #[test]
    fn every_fault_and_state_comes_over(index in 0..Fault::ALL.len(), id in any::<u32>()) {
        let mut report = Report::default();
        let fault = Event::Fault { fault: Fault::ALL[index], index: 1 };
        let state = Event::State { from: SessionState::Idle, to: SessionState::Safe };
        report.events.extend([fault, state, Event::RequestLapsed { id }]);
        let frame = Encoder::default().encode(&FromBed::Report(report.clone())).expect("fits");
        let heard = Decoder::default().next::<FromBed>(&mut frame.as_slice());
        prop_assert_eq!(heard, Some(Ok(FromBed::Report(report))));
    }
}
