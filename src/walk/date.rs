//! Dates, times and UUIDs: as values and as keys.

use super::Walk;
use super::failure::{Failure, Fault, Told};
use super::inert::{Alike, Looked};
use crate::cpython::{Access, Date, DateTime, Name, Obj, Offset, Owned, Seq, Special, Time, Uuid};
use crate::options::{Options, flag};
use crate::sink::{Sink, TEXT_RUN};
use crate::stamp::{Clock, Stamp, Zone};

/// What is told of a stamp. It is inlined where the stamp's kind is certain, as a closure is not: one that may be of any kind is
/// made in memory, and waits to be read again.
pub(super) trait Teller<P> {
    /// What comes of it.
    type Told;

    /// Tells it.
    fn tell(self, state: P, stamp: &Stamp) -> Self::Told;
}

/// As a value.
struct AsValue<'s, S>(&'s mut S);

impl<S: Sink> Teller<S::Pen> for AsValue<'_, S> {
    type Told = S::Pen;

    #[inline(always)]
    fn tell(self, pen: S::Pen, stamp: &Stamp) -> S::Pen {
        self.0.stamp(pen, stamp)
    }
}

/// What options make of moments.
#[derive(Clone, Copy)]
pub(super) struct Moments<'a> {
    pub(super) options: &'a Options,
}

impl Moments<'_> {
    #[inline(always)]
    fn moment(self, d: DateTime<'_>, zone: Zone) -> Stamp {
        Stamp::DateTime(d.day(), self.clock(d.clock()), zone)
    }

    /// What stands behind its time; or its zone, if that has to be asked in a way that may run Python code.
    #[inline(always)]
    fn quiet_zone<'d>(self, d: DateTime<'d>) -> Result<Zone, Obj<'d>> {
        match d.zone() {
            None => Ok(self.zoneless()),
            Some(zone) if zone.is_utc() => Ok(self.at_utc()),
            Some(zone) => match d.ask_quietly(zone) {
                Offset::Unknown => Err(zone),
                said => Ok(self.said(said)),
            },
        }
    }

    fn said(self, said: Offset) -> Zone {
        match said {
            Offset::Seconds(false, 0) => self.at_utc(),
            Offset::Seconds(behind, seconds) => Zone::Offset { behind, seconds },
            Offset::None | Offset::Unknown => self.zoneless(),
        }
    }

    fn zoneless(self) -> Zone {
        if self.options.has(flag::NAIVE_UTC) { self.at_utc() } else { Zone::Naive }
    }

    fn at_utc(self) -> Zone {
        if self.options.has(flag::UTC_Z) { Zone::Z } else { Zone::UTC }
    }

    #[inline(always)]
    fn clock(self, clock: Clock) -> Clock {
        if self.options.has(flag::OMIT_MICROSECONDS) { Clock { microsecond: 0, ..clock } } else { clock }
    }

    /// What `teller` makes of `state` and of a date, a time or a UUID about which nobody has to be asked; or the state.
    #[inline(always)]
    pub(super) fn quiet<A: Access, P, T: Teller<P>>(
        self,
        special: Special<'_>,
        state: P,
        teller: T,
    ) -> Result<T::Told, P> {
        Ok(match special {
            Special::DateTime(d) => match self.quiet_zone(d) {
                Ok(zone) => teller.tell(state, &self.moment(d, zone)),
                Err(_) => return Err(state),
            },
            Special::Date(d) => teller.tell(state, &Stamp::Date(d.day())),
            Special::Time(t) if !t.has_zone() => teller.tell(state, &Stamp::Time(self.clock(t.clock()))),
            Special::Uuid(u) => match u.number::<A>() {
                Some(v) => teller.tell(state, &Stamp::Uuid(v)),
                None => return Err(state),
            },
            _ => return Err(state),
        })
    }

    /// Tells a date, a time or a UUID about which nobody has to be asked; any other object is left to others.
    #[inline(never)]
    pub(super) fn quiet_stamp<S: Sink, A: Access>(
        self,
        sink: &mut S,
        pen: S::Pen,
        value: Obj<'_>,
    ) -> Result<S::Pen, S::Pen> {
        if self.options.has(flag::PASSTHROUGH_DATETIME | flag::PLAIN) {
            return Err(pen);
        }
        self.quiet::<A, _, _>(value.special(), pen, AsValue(sink))
    }
}

impl<'a, S: Sink, A: Access> Walk<'a, S, A> {
    #[inline(always)]
    pub(super) const fn moments(&self) -> Moments<'a> {
        Moments { options: self.options }
    }

    #[inline(always)]
    pub(super) fn datetime(&mut self, d: DateTime<'_>) -> Told<Stamp> {
        match self.moments().quiet_zone(d) {
            Ok(zone) => Ok(self.moments().moment(d, zone)),
            Err(zone) => self.zoned(d, zone),
        }
    }

    #[inline(never)]
    fn zoned(&mut self, d: DateTime<'_>, zone: Obj<'_>) -> Told<Stamp> {
        let (d_held, zone_held) = (Owned::hold(d.obj()), Owned::hold(zone));
        let said = self.offset(d, zone_held.obj());
        let stamp = said.map(|said| self.moments().moment(d, self.moments().said(said)));
        zone_held.obj().note_zone();
        self.world.release(d_held);
        self.world.release(zone_held);
        stamp
    }

    fn offset(&mut self, d: DateTime<'_>, zone: Obj<'_>) -> Told<Offset> {
        match self.outside(|world| d.ask(world, zone))? {
            Ok(Offset::Unknown) => Err(Failure::new(Fault::Zone)),
            Ok(offset) => Ok(offset),
            Err(raised) => {
                let mut failure = Failure::new(Fault::Zone);
                failure.cause = raised;
                Err(failure)
            }
        }
    }

    /// Tells the dates, times or UUIDs from `i` on that nobody has to be asked about; how many they are.
    /// The first is `special`. Many are passed, by a sink that does.
    #[inline(never)]
    pub(super) fn stamps(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        i: usize,
        end: usize,
        special: Special<'_>,
    ) -> Told<(S::Pen, usize)> {
        if let Some(alike) = self.many_alike(seq, i, end).filter(|_| self.is_quiet(special)) {
            let (pen, next) = self.pass_looked_at(pen, Stamps(alike), i, alike.from::<A>(i))?;
            return Ok((pen, next - i));
        }
        Ok(self.quiet_stamps(pen, seq, i, end, special))
    }

    /// The same one by one. Apart, because it needs a large frame, which no walk inside should stand on.
    #[inline(never)]
    fn quiet_stamps(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        i: usize,
        end: usize,
        special: Special<'_>,
    ) -> (S::Pen, usize) {
        let passes = self.options.has(flag::PASSTHROUGH_DATETIME);
        // A loop for each kind, in which the stamp is made where its kind is certain: one that may be of any kind, or
        // none, would be made in memory and wait to be read again.
        match special {
            // What stands behind all of them is the same.
            Special::DateTime(d) if !passes && d.zone().is_none() => {
                let zone = self.moments().zoneless();
                self.stamp_run(pen, seq, i, end, |walk, pen, obj| match obj {
                    Special::DateTime(d) if d.zone().is_none() => {
                        Ok(walk.sink.stamp(pen, &walk.moments().moment(d, zone)))
                    }
                    _ => Err(pen),
                })
            }
            Special::DateTime(_) if !passes => self.stamp_run(pen, seq, i, end, |walk, pen, obj| match obj {
                Special::DateTime(d) => match walk.moments().quiet_zone(d) {
                    Ok(zone) => Ok(walk.sink.stamp(pen, &walk.moments().moment(d, zone))),
                    Err(_) => Err(pen),
                },
                _ => Err(pen),
            }),
            Special::Date(_) if !passes => self.stamp_run(pen, seq, i, end, |walk, pen, obj| match obj {
                Special::Date(d) => Ok(walk.sink.stamp(pen, &Self::date(d))),
                _ => Err(pen),
            }),
            Special::Time(_) if !passes => self.stamp_run(pen, seq, i, end, |walk, pen, obj| match obj {
                Special::Time(t) if !t.has_zone() => {
                    Ok(walk.sink.stamp(pen, &Stamp::Time(walk.moments().clock(t.clock()))))
                }
                _ => Err(pen),
            }),
            Special::Uuid(_) => self.stamp_run(pen, seq, i, end, |walk, pen, obj| match obj {
                Special::Uuid(u) => match u.number::<A>() {
                    Some(v) => Ok(walk.sink.stamp(pen, &Stamp::Uuid(v))),
                    None => Err(pen),
                },
                _ => Err(pen),
            }),
            _ => (pen, 0),
        }
    }

    /// Whether nobody has to be asked about it.
    #[inline(always)]
    fn is_quiet(&self, special: Special<'_>) -> bool {
        let passes = self.options.has(flag::PASSTHROUGH_DATETIME);
        match special {
            Special::DateTime(d) => !passes && self.moments().quiet_zone(d).is_ok(),
            Special::Date(_) => !passes,
            Special::Time(t) => !passes && !t.has_zone(),
            Special::Uuid(u) => u.number::<A>().is_some(),
            _ => false,
        }
    }

    /// Whether there are likely to be as many of the type of element `i` as strings in a run.
    #[inline(always)]
    pub(super) fn are_many(&self, seq: Seq<'_>, i: usize, end: usize) -> bool {
        let far = || Some((seq.get::<A>(i)?, seq.get::<A>(i + TEXT_RUN - 1)?));
        end - i >= TEXT_RUN && far().is_some_and(|(first, far)| far.is_same_type(first))
    }

    /// Tells elements as long as `tell` does, which else gives the pen back as it was.
    #[inline(always)]
    fn stamp_run(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        i: usize,
        end: usize,
        tell: impl Fn(&mut Self, S::Pen, Special<'_>) -> Result<S::Pen, S::Pen>,
    ) -> (S::Pen, usize) {
        let mut at = i;
        while at < end
            && let Some(obj) = seq.get::<A>(at)
        {
            pen = match tell(self, pen, obj.special()) {
                Ok(pen) => pen,
                Err(pen) => return (pen, at - i),
            };
            at += 1;
        }
        (pen, at - i)
    }

    #[inline(always)]
    pub(super) fn date(d: Date<'_>) -> Stamp {
        Stamp::Date(d.day())
    }

    #[inline(always)]
    pub(super) fn time(&self, t: Time<'_>) -> Told<Stamp> {
        if t.has_zone() {
            return Err(Failure::new(Fault::TimeZone));
        }
        Ok(Stamp::Time(self.moments().clock(t.clock())))
    }

    pub(super) fn uuid(&mut self, u: Uuid<'_>) -> Told<Stamp> {
        match u.number::<A>() {
            Some(v) => Ok(Stamp::Uuid(v)),
            None => self.odd_uuid(u.obj()),
        }
    }

    /// A UUID whose number is not where it should be, or is none.
    #[cold]
    #[inline(never)]
    fn odd_uuid(&mut self, obj: Obj<'_>) -> Told<Stamp> {
        let held = Owned::hold(obj);
        let number = self.attribute(held.obj(), Name::Int.obj());
        let stamp = number.and_then(|number| {
            let v = number.obj().wide_int::<A>();
            self.world.release(number);
            v.map(Stamp::Uuid).ok_or_else(|| Failure::new(Fault::Unsupported(held.obj().type_name())))
        });
        self.world.release(held);
        stamp
    }
}

/// Dates, times or UUIDs of one kind.
struct Stamps<'a>(Alike<'a>);

impl Looked for Stamps<'_> {
    #[inline(always)]
    fn look<A: Access>(&self, i: usize) -> usize {
        self.0.from::<A>(i)
    }

    #[inline(always)]
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        i: usize,
        n: usize,
    ) -> Told<(S::Pen, usize)> {
        let seq = self.0.seq;
        let special = seq.get::<A>(i).map_or(Special::Other, Obj::special);
        Ok(walk.quiet_stamps(pen, seq, i, i + n, special))
    }
}
